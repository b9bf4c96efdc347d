/** A picture alone in its paragraph, and the paragraph in italics beneath it, if there is one. */
const FIGURE = /^!\[(?<alt>[^\]]*)\]\((?<path>[^)\s]+)\)\n\n(?<caption>\*[^*][\s\S]*?\*\n\n)?/gm;
const LINK = /(?<!!)\[(?<text>[^\]]+)\]\((?<target>[^)\s]+)\)/g;

/**
 * The README as the package carries it. Neither the pictures nor the other files of the repository are in there: the first
 * picture is put into the text itself, the others are left out with their captions, and what was a link to a file
 * becomes its text.
 * @param readPicture base64 of a PNG, by its path in the repository.
 */
export async function packagedReadme(
  readme: string,
  readPicture: (path: string) => Promise<string>,
): Promise<string> {
  const first = [...readme.matchAll(FIGURE)][0]?.groups?.['path'];
  const data = first === undefined ? '' : await readPicture(first);
  return readme
    .replace(FIGURE, (_all, alt: string, path: string, caption: string | undefined) =>
      path === first ? `![${alt}](data:image/png;base64,${data})\n\n${caption ?? ''}` : '',
    )
    .replace(LINK, (link, text: string, target: string) => (isFile(target) ? text : link));
}

function isFile(target: string): boolean {
  return !/^(?:#|[a-z]+:)/.test(target);
}
