/** The words of a list, joined by one space; build.mjs makes these modules from src/Sealing/Words. */
declare module "words:*" {
  const words: string;
  export default words;
}

declare module "*.wasm" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
