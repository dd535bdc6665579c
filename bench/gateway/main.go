// Command gateway is a trading gateway in small: market data in NASDAQ's formats
// over UDP, an order book and a strategy, and orders over TCP to an exchange
// that acknowledges them. Its stages are joined by this library's primitives,
// then by Go channels, and it shows how long either takes from the datagram to
// the order, and that both come to the same book and the same orders. It uses
// the loopback alone.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/litesync/litesync/bench/internal/harness"
)

func main() {
	err := run(os.Args[1:], os.Stdout, os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gateway:", err)
		os.Exit(1)
	}
}

// options is the command line.
type options struct {
	messages, stocks int
	seed             uint64
	file             string
	rate             float64
	kits             []kit
	pin              bool
	exchange         string
	limit            bool
	json             string
}

func parse(args []string, out io.Writer) (o options, err error) {
	fs := flag.NewFlagSet("gateway", flag.ContinueOnError)
	fs.SetOutput(out)
	fs.IntVar(&o.messages, "messages", 300_000, "how many order messages the day has")
	fs.IntVar(&o.stocks, "stocks", 8, "how many stocks")
	fs.Uint64Var(&o.seed, "seed", 1, "the day with this seed")
	fs.StringVar(&o.file, "file", "", "keep the day as an ITCH 5.0 `file` (default: a temporary one)")
	fs.Float64Var(&o.rate, "rate", 50_000, "messages a second, at which latencies are taken")
	channels := fs.String("channels", "both", "what joins the stages: litesync, go or both")
	fs.BoolVar(&o.pin, "pin", false, "pin the stages to CPUs, in turn")
	fs.StringVar(&o.exchange, "exchange", "127.0.0.1:0", "TCP `address` of the exchange, on the loopback")
	fs.BoolVar(&o.limit, "limit", true, "also find the highest rate without loss")
	fs.StringVar(&o.json, "json", "", "write the results to this `file`")
	if err := fs.Parse(args); err != nil {
		return o, err
	}
	switch {
	case fs.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q", fs.Arg(0))
	case o.messages < 1 || o.messages > 10_000_000:
		return o, fmt.Errorf("-messages %d: want 1 to 10000000", o.messages)
	case o.stocks < 1 || o.stocks > 1000:
		return o, fmt.Errorf("-stocks %d: want 1 to 1000", o.stocks)
	case !(o.rate >= 100 && o.rate <= 100e6):
		return o, fmt.Errorf("-rate %g: want 100 to 100000000", o.rate)
	case !strings.HasPrefix(o.exchange, "127."):
		return o, fmt.Errorf("-exchange %q: want an address on the loopback, such as 127.0.0.1:9000", o.exchange)
	case o.pin && !harness.CanPin:
		return o, errors.New("-pin: this OS does not pin threads")
	}
	switch *channels {
	case "both":
		o.kits = []kit{litesyncKit, goKit}
	case "litesync":
		o.kits = []kit{litesyncKit}
	case "go":
		o.kits = []kit{goKit}
	default:
		return o, fmt.Errorf("-channels %q: want litesync, go or both", *channels)
	}
	return o, nil
}

func run(args []string, out, progress io.Writer) error {
	o, err := parse(args, progress)
	if err != nil {
		return err
	}
	var jsonFile *os.File
	if o.json != "" {
		if jsonFile, err = os.Create(o.json); err != nil {
			return fmt.Errorf("-json: %w", err)
		}
		defer jsonFile.Close()
	}
	d, err := makeDay(o)
	if err != nil {
		return err
	}
	var cpus []int
	if o.pin {
		cpus = harness.Allowed()
	}
	fmt.Fprintf(progress, "%d messages in %d datagrams, %d orders; at %g messages a second this takes %.0f s for each kind of channel\n",
		d.messages, len(d.packets), d.want.Orders, o.rate, float64(d.messages)/o.rate)
	var reports []*report
	for _, k := range o.kits {
		fmt.Fprintf(progress, "%s\n", k.name)
		r, err := play(k, d, o.rate, o.exchange, cpus)
		if err != nil {
			return err
		}
		if r.Lost > 0 {
			return fmt.Errorf("%s: %d messages were lost in %d gaps at %g messages a second; try a lower -rate", k.name, r.Lost, r.Gaps, o.rate)
		}
		if r.Outcome != d.want {
			return fmt.Errorf("%s: came to %+v, want %+v", k.name, r.Outcome, d.want)
		}
		if o.limit {
			if r.Limit, err = findLimit(k, d, o, cpus); err != nil {
				return err
			}
		}
		reports = append(reports, r)
	}
	print(out, d, reports, o)
	if jsonFile != nil {
		e := json.NewEncoder(jsonFile)
		e.SetIndent("", " ")
		if err := errors.Join(e.Encode(reports), jsonFile.Close()); err != nil {
			return fmt.Errorf("-json: %w", err)
		}
	}
	return nil
}

// makeDay writes the day to a file and reads it back.
func makeDay(o options) (*day, error) {
	var f *os.File
	var err error
	if o.file != "" {
		f, err = os.Create(o.file)
	} else {
		f, err = os.CreateTemp("", "day-*.itch")
	}
	if err != nil {
		return nil, fmt.Errorf("-file: %w", err)
	}
	defer f.Close()
	if o.file == "" {
		defer os.Remove(f.Name())
	}
	if err := writeFile(f, o.seed, o.stocks, o.messages); err != nil {
		return nil, fmt.Errorf("write %s: %w", f.Name(), err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	d, err := readFile(f)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.Name(), err)
	}
	return d, nil
}

// findLimit doubles the rate until messages are lost or the sender cannot keep
// up, and returns the highest that was kept without loss.
func findLimit(k kit, d *day, o options, cpus []int) (float64, error) {
	best := 0.0
	for rate := 50e3; rate <= 12.8e6; rate *= 2 {
		r, err := play(k, d, rate, o.exchange, cpus)
		if err != nil {
			return 0, err
		}
		if r.Lost > 0 {
			break
		}
		best = max(best, r.Rate)
		if r.Rate < 0.9*rate {
			break
		}
	}
	return best, nil
}

func print(w io.Writer, d *day, reports []*report, o options) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range reports {
		fmt.Fprintf(t, "%s, µs at %.0f messages a second\tp50\tp90\tp99\tp99.9\tmax\n", r.Kit, r.Rate)
		for _, s := range stages {
			l := r.Latency[s]
			fmt.Fprintf(t, "  %s\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\n", s, l.P50/1e3, l.P90/1e3, l.P99/1e3, l.P999/1e3, l.Max/1e3)
		}
	}
	t.Flush()
	for _, r := range reports {
		fmt.Fprintf(w, "%s: %d allocations and %d garbage collections in %d messages and %d orders", r.Kit, r.Mallocs, r.GCs, r.Messages, r.Outcome.Orders)
		if o.limit {
			fmt.Fprintf(w, "; %.0f thousand messages a second without loss", r.Limit/1e3)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "book %016x and %d orders %016x: as the file says, each time\n", d.want.Book, d.want.Orders, d.want.OrdersSum)
}
