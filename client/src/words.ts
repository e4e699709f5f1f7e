import { languages, type Language } from "./languages.ts";

const count = 2_048;

/** One of the lists from which receipts are made; it never changes (docs/formats/receipt.md, Lists). */
export class WordList {
  private readonly indexes: ReadonlyMap<string, number>;

  constructor(
    readonly language: Language,
    readonly words: readonly string[],
  ) {
    this.indexes = new Map(words.map((word, index) => [word, index]));
    if (words.length !== count || this.indexes.size !== count) throw new Error(`The ${language} word list is damaged.`);
  }

  /** The word's number, if it is one. Beginnings are none: one slip could make another word of them. */
  indexOf(word: string): number | undefined {
    return this.indexes.get(word);
  }

  has(word: string): boolean {
    return this.indexes.has(word);
  }
}

// One chunk for each language, fetched when it is needed: nobody's phone loads all three to send one message.
const chunks: Record<Language, () => Promise<{ default: string }>> = {
  ru: () => import("words:ru"),
  uk: () => import("words:uk"),
  en: () => import("words:en"),
};

const loaded = new Map<Language, Promise<WordList>>();

/** Rejects when the list cannot be fetched, or for a language that has none. */
export async function loadWords(language: Language): Promise<WordList> {
  if (!languages.includes(language)) throw new RangeError(`There is no word list for ${String(language)}.`);
  let list = loaded.get(language);
  if (!list) {
    list = chunks[language]().then((chunk) => new WordList(language, chunk.default.split(" ")));
    // A line that broke is tried again at the next call.
    list.catch(() => loaded.delete(language));
    loaded.set(language, list);
  }
  return list;
}
