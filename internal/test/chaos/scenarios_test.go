package chaos

import (
	"fmt"
	"slices"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/faults"
)

// style is how a configuration treats the reference.
type style string

const (
	generated style = "generated reference"
	chosen    style = "own reference"
	adopting  style = "adopt existing"
)

// The steps of a trial. Faults are armed for those in capitals.
const (
	applyFaulty   = 'A'
	applyClean    = 'a'
	destroyFaulty = 'D'
	destroyClean  = 'd'
)

// scenario is one kind of trial: the operation with the fault, and the steps.
type scenario struct {
	name      string
	operation string
	steps     string
	// extraRules come after the rule of the fault.
	extraRules func(p profile) []faults.Rule
	// filter selects faults; nil means all.
	filter func(faults.Fault) bool
	// custom returns the scenario's only fault, which needs the trial's gateway.
	// listed describes it before there is a gateway.
	custom func(*run) faults.Fault
	listed faults.Fault
	styles []style
}

// scenarios are all kinds of trials.
var scenarios = []scenario{
	{name: "create", operation: faults.Create, steps: "Aad", styles: []style{generated, chosen, adopting}},
	// The look-up before a create, and the one after a lost response.
	{name: "list", operation: faults.List, steps: "Aad", styles: []style{chosen, adopting}, extraRules: loseCreate},
	{name: "create, list down", operation: faults.Create, steps: "Aad", styles: []style{generated, chosen, adopting}, extraRules: listDown, filter: ambiguous},
	{name: "read", operation: faults.Read, steps: "AaADd", styles: []style{chosen}},
	{name: "cancel", operation: faults.Cancel, steps: "aDd", styles: []style{chosen}},
	{name: "login", operation: faults.Login, steps: "AaADd", styles: []style{chosen}},
	{name: "refresh", operation: faults.Refresh, steps: "AaDd", styles: []style{chosen}},
	{
		name: "lag of reads", operation: faults.Read, steps: "AaADd", styles: []style{chosen},
		custom: lagging, listed: faults.Fault{Name: laggingName},
	},
	{
		name: "lag of lists", operation: faults.List, steps: "Aad", styles: []style{generated, chosen, adopting},
		extraRules: loseCreate, custom: lagging, listed: faults.Fault{Name: laggingName},
	},
	{
		name: ineffectiveCancelName, operation: faults.Cancel, steps: "aDd", styles: []style{chosen},
		extraRules: confirmWithoutStatus, custom: ineffectiveCancel, listed: faults.Fault{Name: ineffectiveCancelName},
	},
	{
		name: wrongResponseName, operation: faults.Create, steps: "Aad", styles: []style{generated, chosen, adopting},
		custom: wrongResponse, listed: faults.Fault{Name: wrongResponseName, Processed: true},
	},
}

// ambiguous are the faults after which a create is looked up.
func ambiguous(f faults.Fault) bool { return !faults.IsRateLimit(f) }

func loseCreate(p profile) []faults.Rule {
	return []faults.Rule{{Operation: faults.Of(p.Name, faults.Create), Fault: faults.CloseAfter, Times: 1}}
}

// listDown keeps the look-up after a lost create from working; the one before,
// which an adoption begins with, works.
func listDown(p profile) []faults.Rule {
	return []faults.Rule{{Operation: faults.Of(p.Name, faults.List), Fault: faults.CloseBefore, After: 1}}
}

// trial is one fault at one operation, and what follows.
type trial struct {
	profile  profile
	scenario scenario
	style    style
	fault    faults.Fault
	times    int // 0 is always
}

func (c trial) String() string {
	often := "always"
	if c.times > 0 {
		often = fmt.Sprintf("%d times", c.times)
	}
	return strings.Join([]string{c.profile.Name, c.scenario.name, c.fault.Name, often, string(c.style)}, "/")
}

// allTrials combines the scenarios with the faults.
func allTrials() []trial {
	var all []trial
	for _, p := range profiles {
		for _, s := range scenarios {
			if !applicable(p, s) {
				continue
			}
			for _, fault := range s.faults() {
				for _, times := range s.times(fault) {
					for _, chosenStyle := range stylesOf(p, s) {
						all = append(all, trial{p, s, chosenStyle, fault, times})
					}
				}
			}
		}
	}
	return all
}

func (s scenario) faults() []faults.Fault {
	if s.custom != nil {
		return []faults.Fault{s.listed}
	}
	return slices.DeleteFunc(faults.All(unknownHoneypot), func(f faults.Fault) bool { return s.filter != nil && !s.filter(f) })
}

// times lists how often a fault is injected, once or always (0), where that makes a
// difference: a create is only sent again after a rate limit, and for a read it does not
// matter whether the gateway has processed it.
func (s scenario) times(f faults.Fault) []int {
	switch s.operation {
	case faults.Create:
		if faults.IsRateLimit(f) {
			return []int{1, 0}
		}
		return []int{1}
	case faults.Cancel, faults.Refresh:
		return []int{1, 0}
	default:
		if f.Processed {
			return []int{0}
		}
		return []int{1, 0}
	}
}

// unknownHoneypot is used in place of the honeypot's address until there is one.
const unknownHoneypot = "http://honeypot.invalid"

// applicable reports whether a gateway has all operations of a scene.
func applicable(p profile, s scenario) bool {
	has := func(name string) bool {
		return slices.ContainsFunc(faults.Operations(p.Name), func(o faults.Operation) bool { return o.Name == name })
	}
	needsList := s.name == "create, list down" || s.name == "list"
	encrypted := s.name == ineffectiveCancelName && p.Name == "hesabe"
	return has(s.operation) && !encrypted && (!needsList || has(faults.List))
}

// stylesOf are those that make a difference.
func stylesOf(p profile, s scenario) []style {
	if !p.Finds {
		return []style{chosen} // XPays requires a reference
	}
	return s.styles
}

// mustSucceed reports whether a command has to succeed in spite of the fault, by a retry
// or a look-up.
func (c trial) mustSucceed(destroys, exists bool) bool {
	once := c.times == 1 && faults.IsTransient(c.fault)
	switch c.scenario.operation {
	case faults.Create:
		limited := faults.IsRateLimit(c.fault) && once
		return limited || c.scenario.extraRules == nil && c.fault.Processed && c.profile.Finds
	case faults.Read:
		// What is read after a create completes the state, and is no more.
		return once || !destroys && !exists
	case faults.Cancel:
		return once || c.fault.Processed
	case faults.Refresh:
		return true // a login does as well
	default:
		return once
	}
}

// alwaysSampled reports a trial that belongs to every sample: the gateway has done
// something without the provider's knowledge, or seems to have lost an invoice.
func (c trial) alwaysSampled() bool {
	if c.scenario.custom != nil {
		return true
	}
	switch c.fault.Name {
	case faults.CloseAfter.Name:
		return c.times == 1 && c.scenario.operation != faults.List
	case "404 HTML, before":
		return c.times == 0 && c.scenario.name == "read"
	default:
		return false
	}
}

// sampledTrials returns a dangerous trial of each scenario at each gateway, and random
// others.
func sampledTrials(all []trial) []trial {
	var picked, others []trial
	random("order").Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	seen := map[string]bool{}
	for _, c := range all {
		kind := c.profile.Name + c.scenario.name
		if c.scenario.custom != nil {
			kind = c.scenario.name // at one gateway is enough for a sample
		}
		if c.alwaysSampled() && !seen[kind] {
			seen[kind] = true
			picked = append(picked, c)
		} else {
			others = append(others, c)
		}
	}
	return append(picked, others[:sampleSize]...)
}

// sampleSize is the number of random trials in a sample.
const sampleSize = 12
