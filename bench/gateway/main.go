// Command gateway is a trading gateway in small: market data in NASDAQ's formats
// over UDP, an order book and a strategy, and orders over TCP to an exchange
// that acknowledges them. Its stages are joined by this library's primitives,
// or by Go channels, and it shows how long either takes from the datagram to
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
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/litesync/litesync/bench/internal/harness"
	"github.com/litesync/litesync/bench/internal/machine"
	"github.com/litesync/litesync/bench/internal/result"
	"github.com/litesync/litesync/lockfree/spsc"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
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
	rounds           int
	kits             []kit
	pin              bool
	exchange         string
	limit            bool
	json             string
}

func parse(args []string, out io.Writer) (o options, err error) {
	fs := flag.NewFlagSet("gateway", flag.ContinueOnError)
	fs.SetOutput(out)
	fs.IntVar(&o.messages, "messages", 50_000, "how many order messages the day has")
	fs.IntVar(&o.stocks, "stocks", 8, "how many stocks")
	fs.Uint64Var(&o.seed, "seed", 1, "the day with this seed")
	fs.StringVar(&o.file, "file", "", "keep the day as an ITCH 5.0 `file` (default: a temporary one)")
	fs.Float64Var(&o.rate, "rate", 50_000, "messages a second, at which latencies are taken")
	fs.IntVar(&o.rounds, "rounds", 20, "how often the day is played, the kinds of channels by turns")
	channels := fs.String("channels", "both", "what joins the stages: litesync, go or both")
	strategy := fs.String("strategy", "park", "how litesync waits: park, or yield or spin if there is a CPU for each of the four stages and the feed")
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
	case o.rounds < 1 || o.rounds > 1000:
		return o, fmt.Errorf("-rounds %d: want 1 to 1000", o.rounds)
	case !strings.HasPrefix(o.exchange, "127."):
		return o, fmt.Errorf("-exchange %q: want an address on the loopback, such as 127.0.0.1:9000", o.exchange)
	case o.pin && !harness.CanPin:
		return o, errors.New("-pin: this OS does not pin threads")
	}
	waiting, ok := map[string]spsc.Strategy{"park": spsc.Park, "yield": spsc.Yield, "spin": spsc.Spin}[*strategy]
	if !ok {
		return o, fmt.Errorf("-strategy %q: want park, yield or spin", *strategy)
	}
	switch *channels {
	case "both":
		o.kits = []kit{litesyncKit(waiting), goKit}
	case "litesync":
		o.kits = []kit{litesyncKit(waiting)}
	case "go":
		o.kits = []kit{goKit}
	default:
		return o, fmt.Errorf("-channels %q: want litesync, go or both", *channels)
	}
	return o, nil
}

func run(args []string, out, progress io.Writer) (err error) {
	if len(args) > 0 && args[0] == worldCommand {
		return runWorld(args[1:], os.Stdin, out)
	}
	o, err := parse(args, progress)
	if err != nil {
		return err
	}
	cpus := harness.Allowed()
	if len(cpus) < 2 {
		return fmt.Errorf("this process may use %d CPU, but a gateway and its world take two", len(cpus))
	}
	for _, warning := range machine.Warnings(cpus) {
		fmt.Fprintln(progress, "warning:", warning)
	}
	var jsonFile *os.File
	if o.json != "" {
		if jsonFile, err = os.Create(o.json); err != nil {
			return fmt.Errorf("-json: %w", err)
		}
		defer jsonFile.Close()
	}
	if o.file == "" {
		dir, err := os.MkdirTemp("", "gateway-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		o.file = filepath.Join(dir, "day.itch")
	}
	d, err := makeDay(o)
	if err != nil {
		return err
	}
	w, err := startWorld(o.file, o.exchange)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	if !o.pin {
		cpus = nil
	}
	fmt.Fprintf(progress, "%d messages in %d datagrams, %d orders; at %g messages a second %d rounds take %.0f s for each kind of channel\n",
		d.messages, len(d.packets), d.want.Orders, o.rate, o.rounds, float64(o.rounds*d.messages)/o.rate)
	results, err := measure(w, d, o, cpus)
	if err != nil {
		return err
	}
	if o.limit {
		fmt.Fprintln(progress, "looking for the highest rate without loss")
		if err := findLimits(results, w, d, o, cpus); err != nil {
			return err
		}
	}
	print(out, d, results, o)
	if jsonFile != nil {
		e := json.NewEncoder(jsonFile)
		e.SetIndent("", " ")
		if err := errors.Join(e.Encode(results), jsonFile.Close()); err != nil {
			return fmt.Errorf("-json: %w", err)
		}
	}
	return nil
}

// makeDay writes the day to a file and reads it back.
func makeDay(o options) (*day, error) {
	f, err := os.Create(o.file)
	if err != nil {
		return nil, fmt.Errorf("-file: %w", err)
	}
	defer f.Close()
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

// outcomes is what a kind of channels showed in all rounds.
type outcomes struct {
	Kit     string                    `json:"kit"`
	Rounds  []*report                 `json:"rounds"`
	Latency map[string]result.Latency `json:"latency"`         // of all rounds, by stage
	Limit   float64                   `json:"limit,omitempty"` // messages a second without loss

	limits []float64 // those tried on the way
}

// measure plays the day round after round, with each kit in turn, and checks
// that each comes to what the file leads to.
func measure(w *world, d *day, o options, cpus []int) ([]*outcomes, error) {
	results := make([]*outcomes, len(o.kits))
	for i, k := range o.kits {
		results[i] = &outcomes{Kit: k.name, Latency: map[string]result.Latency{}}
	}
	for _, k := range o.kits { // to warm up
		if _, err := play(k, w, o.rate, d.messages/10, cpus); err != nil {
			return nil, err
		}
	}
	for round := range o.rounds {
		for i := range o.kits {
			i = (i + round) % len(o.kits)
			k := o.kits[i]
			r, err := play(k, w, o.rate, d.messages, cpus)
			if err != nil {
				return nil, err
			}
			if r.Lost > 0 {
				return nil, fmt.Errorf("%s: %d messages were lost in %d gaps at %g messages a second; try a lower -rate", k.name, r.Lost, r.Gaps, o.rate)
			}
			if r.Outcome != d.want {
				return nil, fmt.Errorf("%s: came to %+v, want %+v", k.name, r.Outcome, d.want)
			}
			results[i].Rounds = append(results[i].Rounds, r)
		}
	}
	for _, res := range results {
		for i, stage := range stages {
			all := harness.NewRecorder()
			for _, r := range res.Rounds {
				all.Add(r.recorders[i])
			}
			res.Latency[stage] = all.Latency(result.All)
		}
	}
	return results, nil
}

// findLimits finds the rate that is kept without loss in half of all trials:
// each goes a step up or down from the last, and the median of those after the
// way there is the result. The kits take turns.
func findLimits(results []*outcomes, w *world, d *day, o options, cpus []int) error {
	const trials, way, step = 40, 15, 1.1
	for _, r := range results {
		r.limits = []float64{500e3}
	}
	for range trials {
		for i, k := range o.kits {
			limits := &results[i].limits
			rate := (*limits)[len(*limits)-1]
			r, err := play(k, w, rate, d.messages, cpus)
			if err != nil {
				return err
			}
			if r.Lost == 0 && r.Rate > 0.9*rate {
				rate *= step
			} else {
				rate /= step
			}
			*limits = append(*limits, rate)
		}
	}
	for _, r := range results {
		r.Limit = result.Median(r.limits[way:])
	}
	return nil
}

func print(w io.Writer, d *day, results []*outcomes, o options) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "µs, at %g messages a second, %d rounds\t\tp50\tp90\tp99\tp99.9\tmax\n", o.rate, o.rounds)
	for _, stage := range stages {
		name := stage
		for _, r := range results {
			l := r.Latency[stage]
			fmt.Fprintf(t, "%s\t%s\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\n", name, r.Kit, l.P50/1e3, l.P90/1e3, l.P99/1e3, l.P999/1e3, l.Max/1e3)
			name = ""
		}
	}
	t.Flush()
	for _, r := range results {
		var mallocs, gcs []float64
		for _, round := range r.Rounds {
			mallocs = append(mallocs, float64(round.Mallocs))
			gcs = append(gcs, float64(round.GCs))
		}
		fmt.Fprintf(w, "%s: %.0f allocations and %.0f garbage collections in %d messages and %d orders (medians)", r.Kit, result.Median(mallocs), result.Median(gcs), d.messages, d.want.Orders)
		if o.limit {
			fmt.Fprintf(w, "; %.0f thousand messages a second without loss, in half of all trials", r.Limit/1e3)
		}
		fmt.Fprintln(w)
	}
	if len(results) == 2 {
		fmt.Fprintf(w, "tick to order, %s over %s, median of the rounds (and quartiles):", results[0].Kit, results[1].Kit)
		for _, q := range []float64{50, 90, 99, 99.9} {
			var ratios []float64
			for i, r := range results[0].Rounds {
				ratios = append(ratios, r.recorders[total].At(q)/results[1].Rounds[i].recorders[total].At(q))
			}
			fmt.Fprintf(w, " p%g %.2f (%.2f to %.2f)", q, result.Median(ratios), result.Quantile(ratios, 0.25), result.Quantile(ratios, 0.75))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "book %016x and %d orders %016x: as the file says, each time\n", d.want.Book, d.want.Orders, d.want.OrdersSum)
}
