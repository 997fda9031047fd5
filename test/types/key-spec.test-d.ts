import { expectTypeOf } from "vitest";
import {
  defineKeys,
  int,
  type KeySet,
  key,
  list,
  type ParamsOf,
  type Row,
  table,
  text,
  timestamp,
  uuid,
  type ValueOf,
} from "../../src/index.ts";

// Checked by `tsc -p tsconfig.json`: a line that compiles under @ts-expect-error is an error. What the messages say is in
// test/spec/key-compile-errors.test.ts.

const users = table("users", { id: int, name: text, tags: list(text) }, { partition: ["id"] });
const friendships = table(
  "friendships",
  { user_id: int, friend_id: int, since: timestamp },
  { partition: ["user_id"], clustering: { friend_id: "asc" } },
);
const messages = table(
  "messages",
  { room: text, day: text, id: uuid, topic: text, body: text },
  { partition: ["room", "day"], clustering: { id: "desc" }, static: ["topic"] },
);

const user = key("users_{id}").row(users);
const friends = key("users_{id}_friends").rows(friendships, { user_id: "id" });

// What is inferred.

type User = { readonly id: number; readonly name: string | null; readonly tags: readonly string[] | null };
type Friendship = { readonly user_id: number; readonly friend_id: number; readonly since: string | null };

expectTypeOf<Row<typeof users>>().toEqualTypeOf<User>();
expectTypeOf<ValueOf<typeof user>>().toEqualTypeOf<User | undefined>();
expectTypeOf<ParamsOf<typeof user>>().toEqualTypeOf<{ readonly id: number }>();
expectTypeOf<ValueOf<typeof friends>>().toEqualTypeOf<readonly Friendship[]>();
expectTypeOf<ParamsOf<typeof friends>>().toEqualTypeOf<{ readonly id: number }>();

const first = friends.first(50);
expectTypeOf<ValueOf<typeof first>>().toEqualTypeOf<readonly Friendship[]>();
expectTypeOf<ParamsOf<typeof first>>().toEqualTypeOf<{ readonly id: number }>();

const count = key("users_{id}_count").count(friendships, { user_id: "id" }).path("/count/:id");
expectTypeOf<ValueOf<typeof count>>().toEqualTypeOf<number>();

const friendship = key("users_{a}_friends_{b}").row(friendships, { user_id: "a", friend_id: "b" });
expectTypeOf<ValueOf<typeof friendship>>().toEqualTypeOf<Friendship | undefined>();
expectTypeOf<ParamsOf<typeof friendship>>().toEqualTypeOf<{ readonly a: number; readonly b: number }>();

const byPath = friends.path("/people/:id/friends").first(3);
expectTypeOf<ValueOf<typeof byPath>>().toEqualTypeOf<readonly Friendship[]>();

const said = key("messages_{room}_{day}").rows(messages, { room: "room", day: "day" });
expectTypeOf<ParamsOf<typeof said>>().toEqualTypeOf<{ readonly room: string; readonly day: string }>();

const names = key("users_{id}_names", { ttlMs: 60_000 }).view({ id: int }, async ({ id }, read) => {
  expectTypeOf(id).toEqualTypeOf<number>();
  const rows = await read(friends, { id });
  expectTypeOf(rows).toEqualTypeOf<readonly Friendship[]>();
  // @ts-expect-error a parameter of another type, inside a view
  await read(friends, { id: "42" });
  // @ts-expect-error the same for many
  await read.many(user, [{ id: "42" }]);
  const people = await read.many(
    user,
    rows.map((row) => ({ id: row.friend_id })),
  );
  return people.map((person) => person?.name);
});
expectTypeOf<ValueOf<typeof names>>().toEqualTypeOf<(string | null | undefined)[]>();
expectTypeOf<ParamsOf<typeof names>>().toEqualTypeOf<{ readonly id: number }>();

// A view's caller may pass what the type accepts; its loader is given the canonical value.
const seen = key("seen_{at}", { ttlMs: 1 }).view({ at: timestamp }, async ({ at }) => at);
expectTypeOf<ParamsOf<typeof seen>>().toEqualTypeOf<{ readonly at: string | Date }>();
expectTypeOf<ValueOf<typeof seen>>().toEqualTypeOf<string>();

const about = key("about", { ttlMs: 1 }).view({}, async () => ({ people: 3 }));
about.text({});
expectTypeOf<ValueOf<typeof about>>().toEqualTypeOf<{ people: number }>();

const stale = key("users_{id}_stale")
  .staleWhen(friendships, { friend_id: "id" })
  .view({ id: int }, async () => true);
expectTypeOf<ValueOf<typeof stale>>().toEqualTypeOf<boolean>();

const keys = defineKeys({ user, friends, names });
expectTypeOf(keys).toExtend<KeySet>();
expectTypeOf<ValueOf<typeof keys.names>>().toEqualTypeOf<(string | null | undefined)[]>();

// What does not compile.

// @ts-expect-error a key of another type
user.text({ id: "42" });
// @ts-expect-error a parameter that the key does not have
user.text({ id: 42, name: "Ada" });
// @ts-expect-error no parameter at all
user.text({});
// @ts-expect-error a null in a key
user.text({ id: null });
// @ts-expect-error a binding to a parameter that the template does not name
key("users_{id}_friends").rows(friendships, { user_id: "uid" });
// @ts-expect-error a binding of a column that is not in the key
key("users_{id}_friends").rows(friendships, { since: "id" });
// @ts-expect-error the same beside one that is
key("users_{id}_{at}").rows(friendships, { user_id: "id", since: "at" });
// @ts-expect-error a column that the table does not have
key("users_{id}_friends").rows(friendships, { user: "id" });
// @ts-expect-error a partition column left open
key("messages_{room}").rows(messages, { room: "room" });
// @ts-expect-error a parameter that nothing fills
key("users_{id}_friends_{x}").rows(friendships, { user_id: "id" });
// @ts-expect-error the same for a count
key("users_{id}_count_{x}").count(friendships, { user_id: "id" });
// @ts-expect-error a template without the key column
key("users_{uid}").row(users);
// @ts-expect-error a template with one parameter too many
key("users_{id}_{x}").row(users);
// @ts-expect-error a row by half of its key
key("users_{id}").row(friendships, { user_id: "id" });
// @ts-expect-error a view with a parameter that the template does not name
key("users_{id}_x", { ttlMs: 1 }).view({ uid: int }, async () => 1);
// @ts-expect-error a view without a parameter that the template names
key("users_{id}_x", { ttlMs: 1 }).view({}, async () => 1);
// @ts-expect-error a view that may live for ever
key("users_{id}_x").view({ id: int }, async () => 1);
// @ts-expect-error staleWhen by a column that is not in the key
key("users_{id}_x").staleWhen(friendships, { since: "id" });
// @ts-expect-error staleWhen into a parameter that the template does not name
key("users_{id}_x").staleWhen(friendships, { friend_id: "uid" });
// @ts-expect-error an option that does not exist
key("users_{id}", { ttl: 60 });
// @ts-expect-error a partition column that the table does not have
table("t", { id: int }, { partition: ["uid"] });
// @ts-expect-error a table without partition
table("t", { id: int }, { partition: [] });
// @ts-expect-error a static column that is in the key
table("t", { id: int, n: int }, { partition: ["id"], clustering: { n: "asc" }, static: ["id"] });
// @ts-expect-error only lists can be cut
key("users_{id}").row(users).first(3);
