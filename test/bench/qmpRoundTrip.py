"""Prints the median time in ms of a query-migrate through qemu.qmp: qmpRoundTrip.py SOCKET CALLS"""

import asyncio
import statistics
import sys
import time

from qemu.qmp import QMPClient


async def main(path: str, calls: int) -> None:
    client = QMPClient()
    await client.connect(path)
    times = []
    for _ in range(calls):
        started = time.perf_counter()
        await client.execute("query-migrate")
        times.append(time.perf_counter() - started)
    await client.disconnect()
    print(statistics.median(times) * 1000)


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
