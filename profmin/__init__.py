"""The portal as a whole: settings, assembly and the tools that know no school."""
