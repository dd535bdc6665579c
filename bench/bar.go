package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// bar is the progress bar: on a terminal a line that is drawn over, elsewhere a
// line every tenth of the way.
type bar struct {
	w        io.Writer
	terminal bool
	start    time.Time
	drawn    time.Time
	tenth    int
}

func newBar(w io.Writer) *bar {
	b := &bar{w: w, start: time.Now(), tenth: -1}
	if f, ok := w.(*os.File); ok {
		if st, err := f.Stat(); err == nil {
			b.terminal = st.Mode()&os.ModeCharDevice != 0
		}
	}
	return b
}

// show draws that part of all is done, and what comes now.
func (b *bar) show(part float64, now string) {
	left := "estimating"
	if spent := time.Since(b.start); part > 0.05 {
		left = (time.Duration(float64(spent)/part) - spent).Round(time.Second).String() + " left"
	}
	if !b.terminal {
		if tenth := int(part * 10); tenth > b.tenth {
			b.tenth = tenth
			fmt.Fprintf(b.w, "%3.0f %%, %s\n", part*100, left)
		}
		return
	}
	if time.Since(b.drawn) < 100*time.Millisecond {
		return
	}
	b.drawn = time.Now()
	const width = 30
	full := int(part * width)
	fmt.Fprintf(b.w, "\r\x1b[K[%s%s] %3.0f %%, %s: %.40s", strings.Repeat("#", full), strings.Repeat(".", width-full), part*100, left, now)
}

// end takes the bar off the terminal.
func (b *bar) end() {
	if b.terminal {
		fmt.Fprint(b.w, "\r\x1b[K")
	}
}
