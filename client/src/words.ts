import type { Language } from "./languages.ts";

const count = 2_048;
const prefixLength = 4;

/** One of the lists from which receipts are made; it never changes (docs/formats/receipt.md, Lists). */
export class WordList {
  private readonly byPrefix: ReadonlyMap<string, number>;

  constructor(
    readonly language: Language,
    readonly words: readonly string[],
  ) {
    this.byPrefix = new Map(words.map((word, index) => [word.slice(0, prefixLength), index]));
    if (words.length !== count || this.byPrefix.size !== count)
      throw new Error(`The ${language} word list is damaged.`);
  }

  /** The word's number, if it is one. */
  indexOf(word: string): number | undefined {
    const index = this.byPrefix.get(word.slice(0, prefixLength));
    return index !== undefined && this.words[index] === word ? index : undefined;
  }

  /** The one word that equals the text or that the text, of four letters or more, abbreviates. */
  fitting(text: string): string | undefined {
    // Every word has four letters or more and no other word begins with the same four.
    if (text.length < prefixLength) return undefined;
    const index = this.byPrefix.get(text.slice(0, prefixLength));
    const word = index === undefined ? undefined : this.words[index];
    return word?.startsWith(text) ? word : undefined;
  }
}

// One chunk for each language, fetched when it is needed: nobody's phone loads all three to send one message.
const chunks: Record<Language, () => Promise<{ default: string }>> = {
  ru: () => import("words:ru"),
  uk: () => import("words:uk"),
  en: () => import("words:en"),
};

const loaded = new Map<Language, Promise<WordList>>();

export function loadWords(language: Language): Promise<WordList> {
  let list = loaded.get(language);
  if (!list) {
    list = chunks[language]().then((chunk) => new WordList(language, chunk.default.split(" ")));
    // A line that broke is tried again at the next call.
    list.catch(() => loaded.delete(language));
    loaded.set(language, list);
  }
  return list;
}
