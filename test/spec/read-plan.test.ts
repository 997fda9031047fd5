import { describe, expect, test } from "vitest";
import { int, key, table, text, timestamp } from "../../src/index.ts";
import { openClustering, partitionsOf, planOf } from "../../src/spec/read-plan.ts";

const users = table("users", { id: int, name: text }, { partition: ["id"] });
const messages = table(
  "messages",
  { room: text, day: text, at: timestamp, id: int, body: text },
  { partition: ["room", "day"], clustering: { at: "desc", id: "asc" } },
);
const user = key("users_{id}").row(users);
const ofDay = key("messages_{room}_{day}").rows(messages, { room: "room", day: "day" });
const ofMoment = key("moments_{r}_{d}_{at}").rows(messages, { room: "r", day: "d", at: "at" });
const count = key("counts_{room}_{day}").count(messages, { room: "room", day: "day" });
const profile = key("profiles_{id}")
  .staleWhen(users, { id: "id" })
  .view({ id: int }, async () => 1);

describe("what a key reads", () => {
  test("a row, by its whole primary key", () => {
    expect(planOf(user, { id: 42 })).toEqual({ kind: "row", table: users, where: { id: 42 } });
  });

  test("rows, by partition and clustering prefix, in canonical values", () => {
    const at = new Date(0);
    expect(planOf(ofMoment, { r: "tea", d: "mon", at })).toEqual({
      kind: "rows",
      table: messages,
      where: { room: "tea", day: "mon", at: at.toISOString() },
    });
  });

  test("no more than the first rows", () => {
    expect(planOf(ofDay.first(50), { room: "tea", day: "mon" })).toMatchObject({ kind: "rows", limit: 50 });
    expect(planOf(ofDay, { room: "tea", day: "mon" })).not.toHaveProperty("limit");
  });

  test("a count", () => {
    expect(planOf(count, { room: "tea", day: "mon" })).toMatchObject({
      kind: "count",
      where: { room: "tea", day: "mon" },
    });
  });

  test("nothing of its own, if it is a view", () => {
    expect(planOf(profile, { id: 42 })).toBeUndefined();
  });
});

test("the rows of a list are told apart by the clustering columns that it leaves open", () => {
  const params = { room: "tea", day: "mon", r: "tea", d: "mon", at: new Date(0) };
  expect(
    [ofDay, ofMoment].map((each) => openClustering(planOf(each, params) ?? { kind: "row", table: users, where: {} })),
  ).toEqual([["at", "id"], ["id"]]);
});

describe("the partitions that a key depends on", () => {
  test("are named by table and partition key, without anything that another key could be read as", () => {
    expect(partitionsOf(user, { id: 42 })).toEqual(["users/42"]);
    expect(partitionsOf(ofDay, { room: "a_b", day: "c/d" })).toEqual(["messages/a%5Fb_c%2Fd"]);
  });

  test("are those of staleWhen too, where the parameters tell them", () => {
    expect(partitionsOf(profile, { id: 42 })).toEqual(["users/42"]);
    const byDay = key("days_{day}")
      .staleWhen(messages, { day: "day" })
      .view({ day: text }, async () => 1);
    expect(partitionsOf(byDay, { day: "mon" })).toEqual([]);
  });

  test("no two partitions have one name", () => {
    const params = [
      ["a", "b_c"],
      ["a_b", "c"],
      ["", "a_b_c"],
      ["a", "b/c"],
      ["a%5Fb", "c"],
    ];
    const names = params.flatMap(([room, day]) => partitionsOf(ofDay, { room, day }));
    expect(new Set(names).size).toBe(params.length);
  });
});
