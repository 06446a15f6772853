"""Makes labs × toolchains pytest items; everything it does is in claimlab.plugin."""

pytest_plugins = ["claimlab.plugin"]
