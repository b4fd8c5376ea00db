package providertest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Resource is a resource or data source in the state.
type Resource struct {
	Address string
	// Values are the attributes, numbers as json.Number.
	Values map[string]any
	// Identity is nil where Terraform knows of none.
	Identity map[string]any
	// Tainted says that the next plan replaces it.
	Tainted bool
}

// Text is an attribute that is text; "" when it is null.
func (r Resource) Text(name string) string {
	text, _ := r.Values[name].(string)
	return text
}

// State returns the resources and data sources in the state, by address.
func (w *Workspace) State() map[string]Resource {
	w.t.Helper()
	var state struct {
		Values struct {
			RootModule struct{ Resources []Resource } `json:"root_module"`
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(w.show("-json")))
	decoder.UseNumber()
	if err := decoder.Decode(&state); err != nil {
		w.t.Fatal(err)
	}
	resources := map[string]Resource{}
	for _, r := range state.Values.RootModule.Resources {
		resources[r.Address] = r
	}
	return resources
}

// Resource is one resource in the state; the test ends when it is not there.
func (w *Workspace) Resource(address string) Resource {
	w.t.Helper()
	r, ok := w.State()[address]
	if !ok {
		w.t.Fatalf("%s is not in state", address)
	}
	return r
}

// stored returns the provider's resources in the state file.
func (w *Workspace) stored() string {
	w.t.Helper()
	raw, err := os.ReadFile(filepath.Join(w.dir, "terraform.tfstate"))
	if errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	var state struct{ Resources []json.RawMessage }
	if err == nil {
		err = json.Unmarshal(raw, &state)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	var own strings.Builder
	for _, r := range state.Resources {
		if strings.Contains(string(r), `"type": "payinvoice_`) {
			own.Write(r)
		}
	}
	return own.String()
}

// ChangeState changes each instance in the state file, such as to what an older
// version of the provider wrote.
func (w *Workspace) ChangeState(change func(instance map[string]any)) {
	w.t.Helper()
	path := filepath.Join(w.dir, "terraform.tfstate")
	raw, err := os.ReadFile(path)
	if err != nil {
		w.t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var state map[string]any
	if err := decoder.Decode(&state); err != nil {
		w.t.Fatal(err)
	}
	for _, r := range state["resources"].([]any) {
		for _, instance := range r.(map[string]any)["instances"].([]any) {
			change(instance.(map[string]any))
		}
	}
	if raw, err = json.Marshal(state); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// ChangePrivate changes the private state of each instance in the state file, whose
// values are JSON.
func (w *Workspace) ChangePrivate(change func(private map[string][]byte)) {
	w.t.Helper()
	w.ChangeState(func(instance map[string]any) {
		encoded, _ := instance["private"].(string)
		raw, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			w.t.Fatal(err)
		}
		var private map[string][]byte
		if err := json.Unmarshal(raw, &private); err != nil {
			w.t.Fatalf("private state %s: %v", raw, err)
		}
		change(private)
		if raw, err = json.Marshal(private); err != nil {
			w.t.Fatal(err)
		}
		instance["private"] = base64.StdEncoding.EncodeToString(raw)
	})
}
