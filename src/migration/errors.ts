/** A migration cannot be started or followed as things stand. Nothing was changed on either VM. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}
