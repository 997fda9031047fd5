// A small application as many are: Express, raw CQL, a batch, and the driver's Mapper.
const { Client, mapping } = require("cassandra-driver");
const express = require("express");
const { withNearkey } = require("nearkey/client");
const { keys } = require("./keys.cjs");

const { CASSANDRA, DATACENTER, KEYSPACE, NATS, PORT } = process.env;
const plain = new Client({ contactPoints: [CASSANDRA], localDataCenter: DATACENTER, keyspace: KEYSPACE });
const client = withNearkey(plain, { keys, nats: NATS });
const { cache } = client.nearkey;
const mappings = new mapping.UnderscoreCqlToCamelCaseMappings();
const mapper = new mapping.Mapper(client, { models: { Profile: { tables: ["profiles"], mappings } } });
const profiles = mapper.forModel("Profile");
const prepare = { prepare: true };

const app = express();
app.use(express.json());

app.get("/users/:id", async (req, res) => {
  const user = await cache.get(keys.user, { id: Number(req.params.id) });
  if (!user) return res.sendStatus(404);
  res.json(user);
});

app.put("/users/:id", async (req, res) => {
  const { name, email } = req.body;
  const cql = "INSERT INTO users (id, name, email) VALUES (?, ?, ?)";
  await client.execute(cql, [Number(req.params.id), name, email], prepare);
  res.sendStatus(204);
});

app.delete("/users/:id", async (req, res) => {
  await client.execute("DELETE FROM users WHERE id = ?", [Number(req.params.id)], prepare);
  res.sendStatus(204);
});

app.get("/users/:id/friends", async (req, res) => {
  const friends = await cache.get(keys.friendsOf, { id: Number(req.params.id) });
  res.json(friends.map((row) => row.friend_id));
});

app.put("/users/:id/friends/:friend", async (req, res) => {
  const [id, friend] = [Number(req.params.id), Number(req.params.friend)];
  const query = "INSERT INTO friendships (user_id, friend_id, since) VALUES (?, ?, toTimestamp(now()))";
  const both = [id, friend].map((from, i) => ({ query, params: [from, i === 0 ? friend : id] }));
  await client.batch(both, prepare);
  res.sendStatus(204);
});

app.delete("/users/:id/friends/:friend", async (req, res) => {
  const [id, friend] = [Number(req.params.id), Number(req.params.friend)];
  const query = "DELETE FROM friendships WHERE user_id = ? AND friend_id = ?";
  await client.batch(
    [
      { query, params: [id, friend] },
      { query, params: [friend, id] },
    ],
    prepare,
  );
  res.sendStatus(204);
});

app.get("/users/:id/profile", async (req, res) => {
  const profile = await cache.get(keys.profile, { id: Number(req.params.id) });
  if (!profile) return res.sendStatus(404);
  res.json({ motto: profile.motto, town: profile.town });
});

app.put("/users/:id/profile", async (req, res) => {
  const { motto, town } = req.body;
  await profiles.update({ userId: Number(req.params.id), motto, town });
  res.sendStatus(204);
});

const server = app.listen(Number(PORT), "127.0.0.1", () => console.log("listening"));
process.on("SIGTERM", () => server.close(() => client.shutdown()));
