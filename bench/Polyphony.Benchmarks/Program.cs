using Polyphony.Benchmarks;
using Polyphony.Benchmarks.Ballots;
using Polyphony.Benchmarks.Draws;
using Polyphony.Benchmarks.Opinions;
using Polyphony.Benchmarks.Pages;
using Polyphony.Benchmarks.Seats;

return args.FirstOrDefault() switch
{
    "ballots" => await BallotsVerb.RunAsync(Arguments.Of(args)),
    "kills" => await KillsVerb.RunAsync(Arguments.Of(args)),
    "planner" => await PlannerVerb.RunAsync(Arguments.Of(args)),
    "pages" => await PagesVerb.RunAsync(Arguments.Of(args)),
    "start" => await StartVerb.RunAsync(Arguments.Of(args)),
    "relax" => RelaxVerb.Run(Arguments.Of(args)),
    "lottery" => LotteryVerb.Run(Arguments.Of(args)),
    "opinion" => await OpinionVerb.RunAsync(Arguments.Of(args)),
    "scale" => await ScaleVerb.RunAsync(Arguments.Of(args)),
    "sites" => await SitesVerb.RunAsync(Arguments.Of(args)),
    "seats" => SeatsVerb.Run(Arguments.Of(args)),
    "slate" => SlateVerb.Run(Arguments.Of(args)),
    "register" => RegisterVerb.Run(Arguments.Of(args)),
    FaultyServer.Verb => await FaultyServer.RunAsync(args[1], args[2..]),
    _ => Arguments.Explain(),
};
