using Polyphony.Benchmarks;
using Polyphony.Benchmarks.Ballots;

return args.FirstOrDefault() switch
{
    "ballots" => await BallotsVerb.RunAsync(Arguments.Of(args)),
    "kills" => await KillsVerb.RunAsync(Arguments.Of(args)),
    FaultyServer.Verb => await FaultyServer.RunAsync(args[1], args[2..]),
    _ => Arguments.Explain(),
};
