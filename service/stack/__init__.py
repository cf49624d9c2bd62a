"""The servers and processes of `kaohe run`: started, watched and stopped in order, without root."""
