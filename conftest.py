"""Makes labs × toolchains pytest items; everything it does is in claimlab.running.plugin."""

pytest_plugins = ["claimlab.running.plugin"]
