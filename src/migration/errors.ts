/** A migration cannot be started, followed or cancelled as things stand. Nothing was changed on either VM. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}
