// Command gateways serves the simulated gateways for make bench, in a process of
// their own, so that they share no memory with the provider that is measured.
//
// It prints one line of JSON, the environment variables that lead a provider
// here. For each line that it reads it prints what the gateways were asked since
// the last one. It ends with its input.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

func main() {
	latency := flag.Duration("latency", 0, "how long every answer takes, besides the work")
	others := flag.Int("others", 0, "how many invoices of others are made with each that is measured")
	dir := flag.String("dir", "", "the `folder` of the simulated invoices; nobody else may use it")
	subjects := flag.Bool("subjects", false, "print what an invoice at each gateway needs, and end")
	flag.Parse()
	if *subjects {
		if err := json.NewEncoder(os.Stdout).Encode(arguments()); err != nil {
			fmt.Fprintln(os.Stderr, "Error:", err)
			os.Exit(1)
		}
		return
	}
	if err := run(*dir, *latency, *others, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

func run(dir string, latency time.Duration, others int, in io.Reader, out io.Writer) error {
	simulated, err := sandbox.Open(dir, sandbox.WithTemporaryStore())
	if err != nil {
		return err
	}
	defer func() { _ = simulated.Close() }()

	counted := newCounter()
	var environment []string
	for _, g := range gatewaytest.Specimens() {
		handler, err := crowd(g, simulated.Handler(g.Name), simulated, others)
		if err != nil {
			return err
		}
		address, stop, err := serve(handler, counted, latency)
		if err != nil {
			return err
		}
		defer stop() //nolint:gocritic // one for each gateway, to the end
		environment = append(environment, g.Environment(address, g.Settings())...)
	}
	return answer(environment, counted, in, out)
}

// subject is what a configuration of many invoices needs.
type subject struct {
	Arguments string `json:"arguments"` // they may name count.index
	Lists     bool   `json:"lists"`     // a refresh can be served from the gateway's list
}

func arguments() map[string]subject {
	subjects := map[string]subject{}
	for _, g := range gatewaytest.Specimens() {
		lines := []string{`amount = "${count.index + 10}.50"`}
		for _, a := range g.Arguments {
			if a.Required && a.Name == g.Reference {
				lines = append(lines, a.Name+` = "order-${count.index}"`)
			}
		}
		subjects[g.Name] = subject{strings.Join(append(lines, g.Required()), "\n  "), g.Listing != nil}
	}
	return subjects
}

// answer speaks with whoever started the program.
func answer(environment []string, counted *counter, in io.Reader, out io.Writer) error {
	encoder := json.NewEncoder(out)
	if err := encoder.Encode(environment); err != nil {
		return err
	}
	asked := bufio.NewScanner(in)
	for asked.Scan() {
		if err := encoder.Encode(counted.take()); err != nil {
			return err
		}
	}
	return asked.Err()
}

// serve serves one gateway on a port of the loopback interface.
func serve(gateway http.Handler, counted *counter, latency time.Duration) (address string, stop func(), err error) {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{
		ReadHeaderTimeout: time.Minute,
		ConnState:         counted.connection,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			counted.request(r)
			time.Sleep(latency)
			gateway.ServeHTTP(w, r)
		}),
	}
	go func() { _ = server.Serve(listener) }()
	return "http://" + listener.Addr().String(), func() { _ = server.Close() }, nil
}
