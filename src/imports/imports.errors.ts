import { UserErrorCode } from '../errors/codes.js';
import { Refusal } from '../errors/shop-error.js';

/** @param why what the file lacks, as a sentence of its own */
export class FileInvalid extends Refusal {
  constructor(why: string) {
    super(UserErrorCode.FILE_INVALID, `The content cannot be imported: ${why}`, ['input', 'content']);
  }
}
