package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// trigger is an action_trigger of the gateway's cancel action.
func (g specimen) trigger(event string) string {
	return fmt.Sprintf("{\n    action_trigger {\n      events  = [%s]\n      actions = [%s]\n    }\n  }", event, g.action("it"))
}

// triggered is an invoice with such a trigger, or "", and the action. An action
// that the invoice itself triggers must name it caller, which Terraform 1.16
// brought: naming its address is a cycle.
func (g specimen) triggered(arguments expressions, event string, settings ...string) string {
	block, id := g.resource("it", arguments), g.address("it")+".id"
	if event != "" {
		id = "caller.id"
		block = strings.TrimSuffix(block, "}\n") + "  lifecycle " + g.trigger(event) + "\n}\n"
	}
	return block + g.cancelAction("it", append([]string{"id = " + id}, settings...)...)
}

// TestTriggerAfterCreateAndUpdate: another resource decides when the invoice is
// to be canceled.
func TestTriggerAfterCreateAndUpdate(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithActions)
	each(t, func(t *testing.T, g specimen) {
		order := func(state, event string) string {
			return fmt.Sprintf("resource \"terraform_data\" \"order\" {\n  input = %q\n  lifecycle %s\n}\n", state, g.trigger(event))
		}
		tests := []struct {
			event         string
			before, after int // cancellations when the order is made, and when it changes
		}{
			{"after_create", 1, 1},
			{"after_update", 0, 1},
		}
		for _, test := range tests {
			t.Run(test.event, func(t *testing.T) {
				t.Parallel()
				s := providertest.NewEnv(t)
				w := s.Workspace(g.triggered(g.fewest(), "") + order("placed", test.event))
				w.Apply().SucceedsQuietly()
				if n := g.count(s, g.Requests.Cancel); n != test.before {
					t.Errorf("%d cancellations after the create, want %d", n, test.before)
				}
				w.Configure(s.Config(g.triggered(g.fewest(), "") + order("withdrawn", test.event)))
				w.Apply().SucceedsQuietly()
				if n := g.count(s, g.Requests.Cancel); n != test.after {
					t.Errorf("%d cancellations after the update, want %d", n, test.after)
				}
				w.Plan().IsEmpty()
				if phase := g.refreshed(w); phase != "canceled" {
					t.Errorf("the invoice is %s", phase)
				}
			})
		}
	})
}

// refreshed is the phase of the invoice after a refresh.
func (g specimen) refreshed(w *providertest.Workspace) string {
	w.Apply("-refresh-only").Succeeds()
	return w.Resource(g.address("it")).Text("phase")
}

// TestTriggerBeforeDestroy: the action cancels, and destroy, which follows,
// finds the invoice canceled: one request to cancel in all. A replacement is a
// destroy too.
func TestTriggerBeforeDestroy(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithBeforeDestroy)
	each(t, func(t *testing.T, g specimen) {
		t.Run("destroy", func(t *testing.T) {
			t.Parallel()
			s := providertest.NewEnv(t)
			w := s.Workspace(g.triggered(g.fewest(), "before_destroy"))
			w.Apply().SucceedsQuietly()
			made := w.Resource(g.address("it"))
			s.Calls(g.Name)

			r := w.Destroy()
			r.SucceedsQuietly()
			expectProgress(t, r, g.canceling(made.Text("id"), made.Text("status"))...)
			if n := g.count(s, g.Requests.Cancel); n != 1 {
				t.Errorf("%d requests to cancel, want 1", n)
			}
			if len(w.State()) != 0 {
				t.Error("the invoice is still in state")
			}
			if is := g.facts(t, s, made.Text("id")).Status; is != g.Events[simulator.Cancel].Status {
				t.Errorf("the gateway says %q", is)
			}
		})
		t.Run("destroy of a paid one", func(t *testing.T) {
			t.Parallel()
			s := providertest.NewEnv(t)
			w := s.Workspace(g.triggered(g.fewest(), "before_destroy"))
			w.Apply().SucceedsQuietly()
			id := w.Resource(g.address("it")).Text("id")
			s.Trigger(g.Name, id, simulator.Pay)

			// Terraform lets no action stop a destroy: its error is a warning,
			// and deletion_policy has the last word.
			r := w.Destroy()
			r.Succeeds()
			r.Find("warning", "cannot be canceled: it is paid", id)
			r.Find("warning", "was not canceled: it is paid", id)
			if n := g.count(s, g.Requests.Cancel); n != 0 {
				t.Errorf("%d requests to cancel", n)
			}
		})
		t.Run("replacement", func(t *testing.T) {
			t.Parallel()
			s := providertest.NewEnv(t)
			w := s.Workspace(g.triggered(g.fewest(), "before_destroy"))
			w.Apply().SucceedsQuietly()
			old := w.Resource(g.address("it"))
			id := old.Text("id")

			w.Configure(s.Config(g.triggered(g.fewest().with("amount", "99"), "before_destroy")))
			r := w.Apply()
			r.SucceedsQuietly()
			expectProgress(t, r, g.canceling(id, old.Text("status"))...)
			if n := g.count(s, g.Requests.Cancel); n != 1 {
				t.Errorf("%d requests to cancel, want 1", n)
			}

			// Here an action can stop Terraform: a paid invoice gets no successor.
			id = w.Resource(g.address("it")).Text("id")
			s.Trigger(g.Name, id, simulator.Pay)
			w.Configure(s.Config(g.triggered(g.fewest().with("amount", "98"), "before_destroy")))
			r = w.Apply()
			r.Fails(1)
			r.Find("error", "cannot be canceled: it is paid", id)
			if is := w.Resource(g.address("it")).Text("id"); is != id {
				t.Errorf("the state has %s", is)
			}
			if n := g.count(s, g.Requests.Create); n != 2 {
				t.Errorf("%d requests to create, want 2", n)
			}
		})
	})
}
