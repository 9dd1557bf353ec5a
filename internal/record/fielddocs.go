package record

var fieldDocs = map[string]string{}
