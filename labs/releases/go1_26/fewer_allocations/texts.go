package main

import (
	"errors"
	"fmt"
)

var (
	failure error
	text    = "it does not work"
)

func texts() []counted {
	return []counted{
		count("errors.New", 0, calls, func(int) { failure = errors.New("it does not work") }),
		count("fmt.Errorf", 0, calls, func(int) { failure = fmt.Errorf("it does not work") }),
		count("errors.New, variable", 0, calls, func(int) { failure = errors.New(text) }),
		count("fmt.Errorf, variable", 0, calls, func(int) { failure = fmt.Errorf(text) }),
		count("fmt.Errorf, verb", 0, calls, func(int) { failure = fmt.Errorf("it does not work: %s", text) }),
	}
}
