using System.CommandLine;

namespace Polyphony.Cli.Analyse;

/// <summary>The verbs under <c>polyphony analyse</c>.</summary>
internal static class AnalyseVerbs
{
    public static Command Group()
    {
        Command analyse = new("analyse", "From answers to figures: what changed, where people agree, what they would choose.");
        analyse.Subcommands.Add(AnalyseAgreement.Verb());
        analyse.Subcommands.Add(AnalyseChange.Verb());
        analyse.Subcommands.Add(AnalyseConvergence.Verb());
        analyse.Subcommands.Add(AnalyseOpinion.Verb());
        analyse.Subcommands.Add(AnalyseRank.Verb());
        analyse.Subcommands.Add(AnalyseReason.Verb());
        analyse.Subcommands.Add(AnalyseSlate.Verb());
        analyse.Subcommands.Add(AnalyseSpeaking.Verb());
        return analyse;
    }
}
