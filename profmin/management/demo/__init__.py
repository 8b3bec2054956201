"""The demo: a region which is invented, loaded through the portal's own services.

`load.load_demo` is the way in. Texts and names are data: `fixtures/demo/*.toml`.
"""
