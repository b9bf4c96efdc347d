; The guest of the local VM pair: one boot sector that keeps a working set of memory dirty at a chosen rate.
;
; It runs in flat 32-bit protected mode. The timer chip wakes it at a fixed rate; at each tick it changes one
; dword in each of the next pages of the working set, round and round, and halts until the next tick. A tick
; that comes while it is still writing, or that the host could not deliver, is lost: it is never made up for,
; so the rate is an upper bound that a stopped or starved guest does not overshoot afterwards.
;
; The fields at "field_…" are zero here and filled in by src/lab/bootSector.ts.
; After a change: npm run assemble-guest

page_size       equ 4096
console_port    equ 0xe9                ; QEMU's isa-debugcon
timer_vector    equ 0x20
code_selector   equ gdt_code - gdt
data_selector   equ gdt_data - gdt

        org     0x7c00
        bits    16

        cli
        xor     ax, ax
        mov     ds, ax
        in      al, 0x92                ; A20 on; bit 0 would reset the machine
        or      al, 2
        and     al, 0xfe
        out     0x92, al
        lgdt    [gdt_pointer]
        mov     eax, cr0
        or      al, 1
        mov     cr0, eax
        jmp     code_selector:protected_mode

        bits    32

protected_mode:
        mov     ax, data_selector
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     esp, 0x7c00
        lidt    [idt_pointer]

        mov     al, 0x11                ; first interrupt controller: its lines start at timer_vector
        out     0x20, al
        mov     al, timer_vector
        out     0x21, al
        mov     al, 4
        out     0x21, al
        mov     al, 1
        out     0x21, al
        mov     al, 0xfe                ; nothing but the timer
        out     0x21, al
        mov     al, 0xff
        out     0xa1, al

        mov     al, 0x34                ; timer channel 0, both bytes, rate generator
        out     0x43, al
        mov     ax, [field_timer_divisor]
        out     0x40, al
        mov     al, ah
        out     0x40, al

; Registers from here on: edi next page, ebp last value written (odd, hence never zero),
; esi pages owed as 16.16 fixed point, of which the fraction is carried to the next tick.
        xor     esi, esi
        mov     ebp, 1
        mov     edi, [field_working_set_start]
fill:                                   ; a page of zeros would migrate as a few bytes
        call    dirty_page
        cmp     edi, [field_working_set_start]
        jne     fill

        mov     ebx, ready_text
print:
        mov     al, [ebx]
        out     console_port, al
        inc     ebx
        cmp     al, 10
        jne     print

        cmp     dword [field_pages_per_tick], 0
        je      idle
        sti
tick:
        hlt
        movzx   esi, si
        add     esi, [field_pages_per_tick]
        mov     ecx, esi
        shr     ecx, 16
        jz      tick
dirty_next:
        call    dirty_page
        loop    dirty_next
        jmp     tick

idle:                                   ; interrupts stay off: not even a stack page gets dirty
        hlt
        jmp     idle

dirty_page:
        add     ebp, 2
        mov     [edi], ebp
        add     edi, page_size
        cmp     edi, [field_working_set_end]
        jb      .inside
        mov     edi, [field_working_set_start]
.inside:
        ret

on_timer:
        push    eax
        mov     al, 0x20                ; end of interrupt
        out     0x20, al
        pop     eax
        iret

ready_text:     db "ready", 10

        align   8, db 0
gdt:            dq 0
gdt_code:       dq 0x00cf9a000000ffff   ; base 0, limit 4 GiB, 32 bits
gdt_data:       dq 0x00cf92000000ffff
gdt_pointer:    dw gdt_pointer - gdt - 1
                dd gdt

; The only gate of the table is the timer's: the table is said to begin where gate 0 would have been.
timer_gate:     dw on_timer - $$ + 0x7c00, code_selector, 0x8e00, 0
idt_pointer:    dw timer_vector * 8 + 7
                dd timer_gate - timer_vector * 8

field_timer_divisor:      dw 0          ; of the timer's 1 193 182 Hz
field_working_set_start:  dd 0          ; physical address of the first page
field_working_set_end:    dd 0          ; physical address behind the last page
field_pages_per_tick:     dd 0          ; 16.16 fixed point; 0 = idle

        times   510 - ($ - $$) db 0
        dw      0xaa55
