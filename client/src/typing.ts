/** What people type when they mean a word: cleaned, and read as if the keyboard had been another one. */
import type { Language } from "./languages.ts";

type CharacterMap = ReadonlyMap<string, string>;

const lookLatin = "ABCEHIKMOPTXYaceikmoptxy";
const lookCyrillic = "АВСЕНІКМОРТХУасеікмортху";

const keysLatin = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const keysLatinShifted = 'QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>';
const keysRussian = "йцукенгшщзхъфывапролджэячсмитьбю";
const keysUkrainian = "йцукенгшщзхїфівапролджєячсмитьбю";

interface Reading {
  map: CharacterMap;
  /** For words typed wholly on another keyboard: not tried when the token has a letter of the list's own script. */
  wholeWord?: true;
}

/** For each language the readings of receipt.md, in its order. */
const readings: Record<Language, readonly Reading[]> = {
  ru: [
    { map: pairs(lookLatin, lookCyrillic) },
    { map: pairs(keysLatin + keysLatinShifted, keysRussian + keysRussian), wholeWord: true },
    { map: bothCases("ієї", "ыэъ") },
    { map: bothCases("ієї", "иеи") },
  ],
  uk: [
    { map: pairs(lookLatin, lookCyrillic) },
    { map: pairs(keysLatin + keysLatinShifted, keysUkrainian + keysUkrainian), wholeWord: true },
    { map: bothCases("ыэъ", "ієї") },
    { map: bothCases("ыэ", "ие") },
  ],
  en: [
    { map: pairs(lookCyrillic, lookLatin) },
    { map: bothCases(keysRussian, keysLatin), wholeWord: true },
    { map: bothCases(keysUkrainian, keysLatin), wholeWord: true },
  ],
};

const cyrillic = /[\u0400-\u045f\u0490\u0491]/;
const ownScript: Record<Language, RegExp> = { ru: cyrillic, uk: cyrillic, en: /[A-Za-z]/ };

/**
 * The token as each reading of the language has it, cleaned. A comma or bracket at an end may be a letter of another
 * keyboard or only a comma: both are read.
 */
export function readingsOf(token: string, language: Language): string[] {
  const trimmed = withoutEnds(token);
  const texts = trimmed === token ? [token] : [token, trimmed];
  const own = ownScript[language].test(token);
  return readings[language]
    .filter(({ wholeWord }) => !(wholeWord && own))
    .flatMap(({ map }) => texts.map((text) => clean(replaced(text, map))));
}

/** The text as the lists would spell it. */
export function clean(text: string): string {
  const plain = text
    .replace(/['’‘ʼ＇′´`\u00ad\u200b-\u200d\u2060\ufeff]/g, "")
    .replace(/[A-Z\u0400-\u042f\u0490]/g, (letter) => letter.toLowerCase())
    .replace(/и[\u0300-\u036f]*\u0306/g, "й")
    .replace(/і[\u0300-\u036f]*\u0308/g, "ї")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/ё/g, "е")
    .replace(/ґ/g, "г");
  return withoutEnds(plain);
}

// Both cases are written out: with the flag for either case, U+1C80 to U+1C83 are letters too, in old Slavonic books.
const letter = /[A-Za-zА-Яа-яІЇЄіїє]/;

// Not by a pattern for the end: it would try again at each of a thousand dots.
function withoutEnds(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && !letter.test(text[start]!)) start++;
  while (end > start && !letter.test(text[end - 1]!)) end--;
  return text.slice(start, end);
}

// Not \s: that has U+FEFF, which belongs to the characters that are left out, and lacks U+0085.
const whiteSpace = /[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** Nobody's machine is to read a novel in search of nine words. */
const mostText = 4096;
export const mostWords = 64;

/** What stands between white space, without the numbers of a list. */
export function tokensOf(text: string): string[] {
  return text
    .slice(0, mostText)
    .split(whiteSpace)
    .map((token) => token.replace(/^[0-9]+[.):]/, ""))
    .filter((token) => clean(token) !== "");
}

/** The parts of a cleaned token between characters that are not letters. */
export function partsOf(cleaned: string): string[] {
  return cleaned.split(/[^a-zа-яіїє]+/);
}

function replaced(token: string, map: CharacterMap): string {
  return Array.from(token, (character) => map.get(character) ?? character).join("");
}

function pairs(from: string, to: string): CharacterMap {
  return new Map(Array.from(from, (character, i) => [character, to[i]!]));
}

function bothCases(from: string, to: string): CharacterMap {
  return pairs(from + from.toUpperCase(), to + to);
}
