// What the address sanitizer need not tell: leaks within libraries that nothing of ours can free. Part of every test
// program in builds with that sanitizer.
//
// Graphviz 2.42 forgets some of what it parses of labels in its markup and some edges that it makes up for the layout
// (1 or 2 kB a picture); fontconfig keeps lists of fonts, glibc the path of locales. That layouts are given back all the
// same, which is ours to do, GraphvizLayoutTest.LayoutsGiveTheirMemoryBack measures.
extern "C" const char* __lsan_default_suppressions()
{
    return "leak:libgvc\n"
           "leak:libgvplugin\n"
           "leak:libpango\n"
           "leak:libglib\n"
           "leak:libfontconfig\n"
           "leak:__argz_add_sep\n";
}
