package machine

import "testing"

func TestParseStat(t *testing.T) {
	got, err := parseStat("cpu  100 20 30 1000 50 5 5 40 0 0\ncpu0 1 1\n")
	if want := (Times{Busy: 1.6, Stolen: 0.4, Total: 12.5}); err != nil || got != want {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	if _, err := parseStat("intr 5"); err == nil {
		t.Error("no error for another line")
	}
}

func TestDisturbed(t *testing.T) {
	from := Times{known: true}
	for _, c := range []struct {
		to   Times
		want int
	}{
		{Times{Busy: 10, Own: 9.9, Total: 20, known: true}, 0},
		{Times{Busy: 10, Own: 5, Total: 20, known: true}, 1},
		{Times{Busy: 10, Own: 5, Stolen: 5, Total: 20, known: true}, 2},
		{Times{Busy: 10, Total: 20}, 0},
	} {
		if got := Disturbed(from, c.to); len(got) != c.want {
			t.Errorf("%+v: %q, want %d warnings", c.to, got, c.want)
		}
	}
}
