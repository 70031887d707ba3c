using System.CommandLine;

namespace Polyphony.Cli.Draw;

/// <summary>The verbs under <c>polyphony draw</c>.</summary>
internal static class DrawVerbs
{
    public static Command Group()
    {
        Command draw = new("draw", "From a pool and quotas to a fair lottery, and from the lottery to a panel that anybody can check.");
        draw.Subcommands.Add(CheckQuotas.Verb());
        draw.Subcommands.Add(ComputeLottery.Verb());
        draw.Subcommands.Add(PickPanel.Verb());
        draw.Subcommands.Add(ReplacePeople.Verb());
        draw.Subcommands.Add(VerifyDraw.Verb());
        return draw;
    }
}
