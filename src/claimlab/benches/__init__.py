"""Where trials run: benches, the engines that give them out, their images, and the machine all this is on."""
