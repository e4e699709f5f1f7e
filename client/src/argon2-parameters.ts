/**
 * The cost of one trial of a receipt, part of its version 1 (docs/formats/receipt.md).
 *
 * Why this is safe: 91 random bits need no stretching; 19 MiB make each trial dear all the same and are what an old
 * phone can bear. They are constants of the program, so that nothing a server says can lower them.
 */
export const passes = 2;
export const memoryKiB = 19_456;
export const lanes = 1;
export const rootLength = 32;
