/** The names of a list of losses or penalties, as a tuple type. */
export type NamesOf<T extends readonly { readonly name: string }[]> = {
  [I in keyof T]: T[I]["name"];
};

/** The names of a list of losses or penalties, in its order. */
export function namesOf<const T extends readonly { readonly name: string }[]>(
  list: T,
): NamesOf<T> {
  return list.map(({ name }) => name) as NamesOf<T>; // one name for each
}
