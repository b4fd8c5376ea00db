package wire

import "net/http"

// Fields reads an object member by member.
type Fields struct {
	Object *Object
	// Path is the prefix of members' names in Err, such as "checkout."; it may be "".
	Path string
	// Err is the first problem, a *RequestError. Anything read after it is meaningless.
	Err error
}

// Complain records a problem with a member, such as "is required".
func (f *Fields) Complain(name, problem string) {
	if f.Err == nil {
		f.Err = &RequestError{http.StatusBadRequest, f.Path + name, f.Path + name + " " + problem}
	}
}

// Require records members that are missing.
func (f *Fields) Require(names ...string) {
	for _, name := range names {
		if !f.Object.Has(name) {
			f.Complain(name, "is required")
		}
	}
}

// Optional reads a text of a form, which want describes; nil if the member is missing.
func (f *Fields) Optional(name string, fits func(text string) bool, want string) *string {
	text, present, err := f.Object.Text(name)
	switch {
	case err != nil:
		f.Complain(name, "must be a string")
	case present && !fits(text):
		f.Complain(name, "must be "+want)
	case present:
		return &text
	}
	return nil
}

// Text is Optional, with "" if the member is missing.
func (f *Fields) Text(name string, fits func(text string) bool, want string) string {
	return OrEmpty(f.Optional(name, fits, want))
}

// Nested reads an object; nil if the member is missing.
func (f *Fields) Nested(name string) *Object {
	object, _, err := f.Object.Object(name)
	if err != nil {
		f.Complain(name, "must be an object")
	}
	return object
}

// OrEmpty returns "" for nil.
func OrEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
