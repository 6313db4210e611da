package main

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/isojot/isojot/internal/operations"
)

// goParam is a parameter in Go.
type goParam struct {
	operations.Param
	wire     string // its name
	field    string // of the parameter struct
	kind     string // its type
	optional bool
	unique   bool // an id that the server can choose
}

// goParams are an operation's parameters in Go.
func goParams(o operations.Operation) []goParam {
	var params []goParam
	for _, p := range o.Params {
		params = append(params, goParam{
			Param: p, wire: p.OnWire(), field: goName(p.OnWire()), kind: goParamType(o, p), optional: p.Optional || p.Only != operations.Both, unique: !left(o, p) && names(o, p),
		})
	}
	return params
}

// value is the expression that is handed over for a parameter; from is that of its
// value in Go.
func (p goParam) value(from, qualifier string) string {
	switch {
	case p.unique:
		return qualifier + "Unique(" + from + ")"
	case p.kind == "time.Time":
		return "isojot.Time{Time: " + from + "}"
	case p.Type == "object[]":
		return qualifier + "List{Value: " + from + "}"
	case isData(p.Type):
		return qualifier + "Object{Value: " + from + "}"
	}
	return from
}

// isData reports whether a parameter holds fields of a row or a document.
func isData(t operations.Type) bool {
	switch t {
	case operations.NewRow, operations.PartialRow, operations.NewDocument, operations.PartialDocument:
		return true
	}
	return false
}

// names reports whether the parameter is the id of what the operation makes, which
// "unique()" lets the server choose.
func names(o operations.Operation, p operations.Param) bool {
	if !strings.HasPrefix(o.Method(), "create") || o.InPath(p.Name) || !strings.HasSuffix(p.Name, "Id") {
		return false
	}
	for _, first := range o.Params {
		if !o.InPath(first.Name) {
			return first.Name == p.Name && chosen[p.Name]
		}
	}
	return false
}

// chosen are the ids that a server can choose.
var chosen = map[string]bool{
	"rowId": true, "documentId": true, "fileId": true, "bucketId": true, "databaseId": true, "tableId": true, "collectionId": true, "teamId": true,
	"userId": true, "messageId": true, "topicId": true, "subscriberId": true, "targetId": true, "providerId": true,
}

// moments are parameters that are times, as texts on the wire.
var moments = map[string]bool{"scheduledAt": true, "expiresAt": true, "expire": true}

// goParamType is a parameter's type. Where absent differs from the zero value it
// is a pointer.
func goParamType(o operations.Operation, p operations.Param) string {
	changes := regexp.MustCompile("^(update|upsert)").MatchString(o.Method())
	kind := ""
	switch {
	case p.Type == operations.String && moments[p.Name]:
		return "time.Time"
	case p.Type == operations.String:
		kind = "string"
		if !p.Optional || p.Wire != "default" && !(changes && emptied[p.Name]) {
			return kind
		}
	case p.Type == operations.Int && counts[o.Method()] && p.Name != "ttl":
		kind = "float64" // the column may be one of fractions
	case p.Type == operations.Int && !(byteCounts[p.Name] && o.Service() != "avatars"): // which has pixels
		kind = "int"
	case p.Type == operations.Int, p.Type == operations.BigInt:
		kind = "int64"
	case p.Type == operations.Number:
		kind = "float64"
	case p.Type == operations.Bool:
		kind = "bool"
		if !changes && !trueUnlessGiven[p.Name] && p.Wire != "default" || acts[p.Name] {
			return kind
		}
	case p.Type == operations.File:
		return "isojot.Upload"
	case p.Type == operations.Object:
		return "map[string]any"
	case p.Type == operations.Prefs:
		return "isojot.Prefs"
	case p.Type == operations.Strings:
		return "[]string"
	case p.Type == "number[]" && p.Name == "lengths":
		return "[]int"
	case p.Type == "number[]":
		return "[]float64"
	case p.Type == "any[][]" && strings.Contains(o.Method(), "Polygon"):
		return "[][][]float64"
	case p.Type == "any[][]":
		return "[][]float64"
	case p.Type == "object[]" || isData(p.Type):
		return "any"
	default:
		return goEnumType(string(p.Type))
	}
	if p.Optional && !neverZero[p.Name] {
		return "*" + kind
	}
	return kind
}

// goEnumType is the type of an enumeration, or of a list of one.
func goEnumType(t string) string {
	if of, ok := strings.CutSuffix(t, "[]"); ok {
		return "[]" + goEnumName(of)
	}
	return goEnumName(t)
}

// enumNames are enumerations whose names in Go are others, since a model or the
// root package has those names for something else.
var enumNames = map[string]string{"DatabaseStatus": "DatabaseState", "PasswordHash": "SHAVersion"}

// goEnumName is the name of an enumeration in Go.
func goEnumName(name string) string { return cmp.Or(enumNames[name], goName(name)) }

var (
	// counts are the methods that add to a number.
	counts = map[string]bool{"incrementRowColumn": true, "decrementRowColumn": true, "incrementDocumentAttribute": true, "decrementDocumentAttribute": true}
	// trueUnlessGiven are the switches that are on where they are left out.
	trueUnlessGiven = map[string]bool{
		"total": true, "enabled": true, "encryption": true, "antivirus": true, "transformations": true, "autoTLS": true,
	}
	// neverZero are numbers that are 0 where they are left out, or never.
	neverZero = map[string]bool{
		"accessTokenExpiry": true, "accuracy": true, "borderRadius": true, "borderWidth": true, "duration": true, "expire": true, "height": true,
		"length": true, "maximumFileSize": true, "port": true, "rotation": true, "scale": true, "size": true, "sleep": true, "ttl": true,
		"viewportHeight": true, "viewportWidth": true, "width": true,
	}
	// acts are booleans that ask for something, also where the operation changes
	// what has others.
	acts = map[string]bool{"commit": true, "rollback": true, "purge": true}
	// emptied are texts that can be made empty again.
	emptied = map[string]bool{
		"replyToName": true, "replyToEmail": true, "fromName": true, "fromEmail": true, "image": true, "icon": true, "action": true, "sound": true,
		"color": true, "tag": true, "status": true,
	}
)
