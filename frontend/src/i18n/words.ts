/** The shape of a language's words: those of English, with other texts. */
export type Words<T> = { [K in keyof T]: T[K] extends string ? string : Words<T[K]> };
