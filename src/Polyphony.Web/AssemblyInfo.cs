using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Polyphony.Web.Tests")]
[assembly: InternalsVisibleTo("Polyphony.Browser.Tests")]
[assembly: InternalsVisibleTo("Polyphony.Benchmarks")]
