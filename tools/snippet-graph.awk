# The snippets given, as a symbol graph by which DocC finds them: @Snippet(path: "AirSplit/Snippets/queue").
function quoted(text) {
  gsub(/\\/, "\\\\\\\\", text)
  gsub(/"/, "\\\\\"", text)
  return "\"" text "\""
}
BEGIN {
  printf "{\"metadata\":{\"formatVersion\":{\"major\":0,\"minor\":1,\"patch\":0},\"generator\":\"tools/build-docs\"},"
  printf "\"module\":{\"name\":\"AirSplit\",\"platform\":{},\"isVirtual\":true},\"relationships\":[],\"symbols\":["
}
FNR == 1 {
  if (NR > 1) printf "],\"slices\":{}}},"
  name = FILENAME
  gsub(/.*\/|\.swift$/, "", name)
  sub(/^\/\/! */, "")
  printf "{\"kind\":{\"identifier\":\"swift.snippet\",\"displayName\":\"Snippet\"},\"isVirtual\":true,\"accessLevel\":\"public\","
  printf "\"identifier\":{\"precise\":\"$snippet__AirSplit.%s\",\"interfaceLanguage\":\"swift\"},", name
  printf "\"pathComponents\":[\"Snippets\",\"%s\"],\"names\":{\"title\":\"%s\"},", name, name
  printf "\"docComment\":{\"lines\":[{\"text\":%s}]},\"snippet\":{\"language\":\"swift\",\"lines\":[", quoted($0)
  next
}
{ printf "%s%s", (FNR > 2 ? "," : ""), quoted($0) }
END { print "],\"slices\":{}}}]}" }
