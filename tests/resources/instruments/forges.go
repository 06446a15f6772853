// A hostile program: it finds out where gdb's answer is to lie, and puts one of its own there, before or after gdb does.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"syscall"
	"time"
)

//go:noinline
func hold() { fmt.Println("held") }

func main() {
	when, forged := os.Args[1], os.Args[2]
	if when == "waits" {
		wait(forged, os.Args[3])
		return
	}
	// gdb is the parent; the order stands on its command line.
	order, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", os.Getppid()))
	name := string(regexp.MustCompile(`"answer":"([^"]+)"`).FindSubmatch(order)[1])
	if when == "before" {
		os.WriteFile(name, []byte(forged), 0o444)
	} else {
		child := exec.Command(os.Args[0], "waits", forged, name)
		child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		child.Start()
	}
	hold()
}

// wait puts the forged answer in the place of the real one, as soon as that is there.
func wait(forged, name string) {
	os.WriteFile("forged", []byte(forged), 0o444)
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		if found, err := os.Stat(name); err == nil && found.Size() > 0 {
			os.Rename("forged", name)
			return
		}
	}
}
