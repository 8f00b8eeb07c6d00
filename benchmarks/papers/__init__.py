"""Papers of a day: how fast they are drawn, and whether they say what the rows say."""
