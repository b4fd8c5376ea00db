package chaos

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// instance is an invoice in the state.
type instance struct {
	Attributes map[string]any `json:"attributes"`
	Status     string         `json:"status"` // tainted, or nothing
	IndexKey   any            `json:"index_key"`
}

// text is an attribute; "" when it is null.
func (i instance) text(name string) string {
	text, _ := i.Attributes[name].(string)
	return text
}

func (i instance) id() string { return i.text("id") }

const stateFile = "terraform.tfstate"

var errTornState = errors.New("the state file is incomplete")

// readState reads the invoices in the state. Terraform empties the file before
// it writes: a kill then may leave half a file, or an empty one.
func (w *workspace) readState() ([]instance, error) {
	raw, err := os.ReadFile(filepath.Join(w.dir, stateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var state struct {
		Resources []struct {
			Mode      string     `json:"mode"`
			Instances []instance `json:"instances"`
		} `json:"resources"`
	}
	if json.Unmarshal(raw, &state) != nil {
		return nil, errTornState
	}
	var all []instance
	for _, r := range state.Resources {
		if r.Mode == "managed" {
			all = append(all, r.Instances...)
		}
	}
	return all, nil
}

// state is readState for a state that must be whole.
func (w *workspace) state() []instance {
	w.t.Helper()
	all, err := w.readState()
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// ids are those in the state.
func (w *workspace) ids() []string {
	w.t.Helper()
	var ids []string
	for _, i := range w.state() {
		ids = append(ids, i.id())
	}
	return ids
}
