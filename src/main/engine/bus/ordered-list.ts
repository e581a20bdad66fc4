/** One item's place in one list. */
export class Place<Item extends { readonly position: number }> {
  readonly item: Item
  readonly list: OrderedList<Item>
  previous: Place<Item> | null = null
  next: Place<Item> | null = null

  constructor(item: Item, list: OrderedList<Item>) {
    this.item = item
    this.list = list
  }
}

/** Items by position; adding at the end and removing anywhere take the same time however many there are. */
export class OrderedList<Item extends { readonly position: number }> {
  first: Place<Item> | null = null
  last: Place<Item> | null = null
  size = 0

  /** At the end, or where its position belongs: what was taken and comes back was among the oldest, so it is sought from the front. */
  insert(place: Place<Item>): void {
    const { position } = place.item
    this.size += 1
    if (this.last === null || this.last.item.position < position) return this.#link(place, this.last, null)
    let next = this.first
    while (next !== null && next.item.position < position) next = next.next
    this.#link(place, next === null ? this.last : next.previous, next)
  }

  remove(place: Place<Item>): void {
    this.size -= 1
    const { previous, next } = place
    if (previous === null) this.first = next
    else previous.next = next
    if (next === null) this.last = previous
    else next.previous = previous
    place.previous = null
    place.next = null
  }

  *[Symbol.iterator](): Generator<Item> {
    for (let place = this.first; place !== null; place = place.next) yield place.item
  }

  #link(place: Place<Item>, previous: Place<Item> | null, next: Place<Item> | null): void {
    place.previous = previous
    place.next = next
    if (previous === null) this.first = place
    else previous.next = place
    if (next === null) this.last = place
    else next.previous = place
  }
}
