// esbuild gathers the style sheets that are imported into dist/chart.css.
declare module '*.css';
