export interface ChartHtmlOptions {
  /** `webview.cspSource`. */
  cspSource: string;
  /** Webview URIs of the bundle and of its style sheets. */
  scriptUri: string;
  styleUris: string[];
  /** Fresh for every page. */
  nonce: string;
}

/** The HTML of the chart's page: nothing may be loaded but our own script and style sheets, nothing may be sent. */
export function chartHtml({ cspSource, scriptUri, styleUris, nonce }: ChartHtmlOptions): string {
  const policy = [
    "default-src 'none'",
    `style-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const styles = styleUris.map((uri) => `<link rel="stylesheet" href="${escapeAttribute(uri)}">`);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Migration chart</title>
${styles.join('\n')}
</head>
<body>
<main id="chart"></main>
<script nonce="${escapeAttribute(nonce)}" src="${escapeAttribute(scriptUri)}"></script>
</body>
</html>
`;
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
