package xpays

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
)

func TestCanonicalJSON(t *testing.T) {
	for raw, want := range map[string]string{
		` { } `:                        `{}`,
		`[]`:                           `[]`,
		` null `:                       `null`,
		"\t[ true , false,null ]\r\n":  `[true,false,null]`,
		`{"b":1,"a":{"d":[],"c":""}}`:  `{"a":{"c":"","d":[]},"b":1}`,
		`"<script>&amp;"`:              `"<script>&amp;"`,
		`"\u003c\u003E\u0026\/"`:       `"<>&/"`,
		"\"\u2028\u2029\u007f\u00a0\"": "\"\u2028\u2029\u007f\u00a0\"",
		`"\u2028\u007F\u00e9\u0623"`:   "\"\u2028\u007féأ\"",
		`"\b\t\n\f\r\"\\"`:             `"\b\t\n\f\r\"\\"`,
		`"\u0008\u0009\u000A\u000c\u000D\u0022\u005C"`: `"\b\t\n\f\r\"\\"`,
		`"\u0000\u0001\u001F\u000b"`:                   `"\u0000\u0001\u001f\u000b"`,
		`"\ud83d\ude00\uD83D\uDE00"`:                   `"😀😀"`,
		`"\uD800 \uDfff\ud83d\u0041"`:                  `"\ud800 \udfff\ud83dA"`,
		`"\ud83d\ud83d\ude00\ud83d\\n"`:                `"\ud83d😀\ud83d\\n"`,
		`"\ufffd\ufeff"`:                               "\"\ufffd\ufeff\"",
		`{"\u0061":1}`:                                 `{"a":1}`,
		`{"b":1,"10":2,"9":3,"01":4,"-1":5,"1.0":6,"4294967294":7,"4294967295":8,"0":9,"a":0,"":1,"1e1":2}`: `{"0":9,"9":3,"10":2,"4294967294":7,"":1,"-1":5,"01":4,"1.0":6,"1e1":2,"4294967295":8,"a":0,"b":1}`,
		`{"__proto__":{"x":1}}`:                                     `{"__proto__":{"x":1}}`,
		`[10.0,1.50,100,1e2,-0,-0.0,0e9]`:                           `[10,1.5,100,100,0,0,0]`,
		`[1e21,1E+21,1000000000000000000000,123456789012345680000]`: `[1e+21,1e+21,1e+21,123456789012345680000]`,
		`[0.000001,0.0000001,1e-7,1.5E-10]`:                         `[0.000001,1e-7,1e-7,1.5e-10]`,
		`[0.1,-0.3,9007199254740992,9007199254740994,-12.25e-1]`:    `[0.1,-0.3,9007199254740992,9007199254740994,-1.225]`,
		`[5e-324,1.7976931348623157e308,0.000e-999999999]`:          `[5e-324,1.7976931348623157e+308,0]`,
	} {
		got, err := CanonicalJSON([]byte(raw))
		if err != nil || string(got) != want {
			t.Errorf("%s: %s, %v\nwant %s", raw, got, err, want)
		}
		again, err := CanonicalJSON(got)
		if err != nil || !bytes.Equal(again, got) {
			t.Errorf("%s: the second time %s, %v", raw, again, err)
		}
	}
}

func TestNotCanonical(t *testing.T) {
	for raw, want := range map[string]string{
		``:                                      "not JSON",
		`{`:                                     "not JSON",
		`{} {}`:                                 "not JSON",
		`{"a":01}`:                              "not JSON",
		`NaN`:                                   "not JSON",
		"\"\xff\"":                              "not UTF-8",
		"\"\xed\xa0\x80\"":                      "not UTF-8",
		`{"a":1,"a":1}`:                         `"a" occurs twice`,
		`{"a":1,"\u0061":2}`:                    `"a" occurs twice`,
		`{"x":[{"y":{"b":1,"b":2}}]}`:           `"x.0.y.b" occurs twice`,
		`12345678901234567890`:                  "the number 12345678901234567890",
		`{"x":[0,{"id":12345678901234567890}]}`: "x.1.id: the number 12345678901234567890",
		`9007199254740993`:                      "write it as a string",
		`0.1000000000000000055511151231257827`:  "write it as a string",
		`1e309`:                                 "write it as a string",
		`-1e999999999999`:                       "write it as a string",
		`1e-400`:                                "write it as a string",
		`1e-999999999999`:                       "write it as a string",
		`1.00000000000000000001`:                "write it as a string",
		strings.Repeat("[", 20000) + strings.Repeat("]", 20000): "not JSON",
		"1." + strings.Repeat("0", 500) + "1":                   "…",
	} {
		got, err := CanonicalJSON([]byte(raw))
		if err == nil || !strings.Contains(err.Error(), want) || got != nil {
			t.Errorf("%.60s: %s, %v", raw, got, err)
		}
	}
}

// TestAgainstJavaScript asks a JavaScript engine, where there is one.
func TestAgainstJavaScript(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no node here")
	}
	r := rand.New(rand.NewPCG(1, 2))
	var raws [][]byte
	for len(raws) < 2000 {
		raw := randomJSON(r, 4)
		canonical, err := CanonicalJSON(raw)
		if err != nil {
			continue // random names do repeat
		}
		raws = append(raws, canonical)
	}
	script := `let t="";process.stdin.setEncoding("utf8").on("data",d=>t+=d).on("end",()=>{
		for(const line of t.split("\n").slice(0,-1)){const back=JSON.stringify(JSON.parse(line));if(back!==line)console.log(line+"\n"+back)}})`
	command := exec.CommandContext(t.Context(), node, "-e", script)
	command.Stdin = bytes.NewReader(append(bytes.Join(raws, []byte("\n")), '\n'))
	out, err := command.CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("%v: %.2000s", err, out)
	}
}

func randomJSON(r *rand.Rand, depth int) []byte {
	var b bytes.Buffer
	switch kind := r.IntN(6); {
	case kind == 0 && depth > 0:
		b.WriteByte('{')
		for i := range r.IntN(5) {
			if i > 0 {
				b.WriteString(" ,")
			}
			b.Write(randomText(r))
			b.WriteString(": ")
			b.Write(randomJSON(r, depth-1))
		}
		b.WriteByte('}')
	case kind == 1 && depth > 0:
		b.WriteByte('[')
		for i := range r.IntN(5) {
			if i > 0 {
				b.WriteByte(',')
			}
			b.Write(randomJSON(r, depth-1))
		}
		b.WriteByte(']')
	case kind == 2:
		b.WriteString([]string{"true", "false", "null"}[r.IntN(3)])
	case kind == 3:
		number := math.Float64frombits(r.Uint64())
		if r.IntN(2) == 0 {
			number = float64(r.IntN(1e9)) / []float64{1, 10, 1e3, 1e6, 1e14}[r.IntN(5)]
		}
		raw, err := json.Marshal(number)
		if err != nil {
			raw = []byte("0")
		}
		b.Write(raw)
	default:
		return randomText(r)
	}
	return b.Bytes()
}

func randomText(r *rand.Rand) []byte {
	parts := []string{"a", "7", "10", "<", "&", `\/`, `\"`, `\\`, `\u0000`, `\u001f`, `\n`, `\ud800`, `\udc00`, `\ud83d\ude00`, "é", "😀", "\u2028", "\u007f", "4294967294", "-", "."}
	text := `"`
	for range r.IntN(4) {
		text += parts[r.IntN(len(parts))]
	}
	return []byte(text + `"`)
}

func FuzzCanonicalJSON(f *testing.F) {
	f.Add([]byte(`{"a":[1.0,"\ud800"],"1":null}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := CanonicalJSON(raw)
		if err != nil {
			return
		}
		again, err := CanonicalJSON(got)
		if err != nil || !bytes.Equal(again, got) {
			t.Errorf("%q: %q, %v", got, again, err)
		}
	})
}
