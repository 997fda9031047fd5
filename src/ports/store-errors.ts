import { NearkeyError } from "../spec/error.ts";

/** The database did not answer a read. */
export class StoreReadError extends NearkeyError {
  readonly code = "E_STORE_READ";
}

/** The database refused the write before doing any of it. */
export class WriteRefusedError extends NearkeyError {
  readonly code = "E_WRITE_REFUSED";
}

/** The write may have been applied, or may be later. */
export class WriteUnknownError extends NearkeyError {
  readonly code = "E_WRITE_UNKNOWN";
}
