package wire

import "net/http"

// Fields reads an object member by member.
type Fields struct {
	Object *Object
	// Path begins the names of members in Err, such as "checkout."; it may be empty.
	Path string
	// Err is the first thing that is wrong, a *RequestError. What is read after it means
	// nothing.
	Err error
}

// Complain notes a problem with a member, such as "is required".
func (f *Fields) Complain(name, problem string) {
	if f.Err == nil {
		f.Err = &RequestError{http.StatusBadRequest, f.Path + name, f.Path + name + " " + problem}
	}
}

// Require complains about members that are not there.
func (f *Fields) Require(names ...string) {
	for _, name := range names {
		if !f.Object.Has(name) {
			f.Complain(name, "is required")
		}
	}
}

// Optional is a text that fits a form, described by want; nil if the member is not
// there.
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

// Text is Optional, and empty where the member is not there.
func (f *Fields) Text(name string, fits func(text string) bool, want string) string {
	return OrEmpty(f.Optional(name, fits, want))
}

// Nested is a member that is an object; nil if it is not there.
func (f *Fields) Nested(name string) *Object {
	object, _, err := f.Object.Object(name)
	if err != nil {
		f.Complain(name, "must be an object")
	}
	return object
}

// OrEmpty is a text that may not be there.
func OrEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
