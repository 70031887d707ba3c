using Polyphony.Sheets;

namespace Polyphony.Web.Tests.Recruitment;

/// <summary>The corpus against the reader alone: exactly these problems, each where it stands, and exactly this table.</summary>
public sealed class ReadingTheCorpus
{
    public static TheoryData<string> Bad => Corpus.Names(file => !file.IsGood && file.Door <= Door.Pool);

    public static TheoryData<string> Good => Corpus.Names(file => file.IsGood && file.Door <= Door.Pool);

    [Fact]
    public void It_is_large_enough() => Assert.InRange(Corpus.All.Count, 80, 1_000);

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_file_is_refused_for_all_of_its_problems_and_no_other(string name)
    {
        CorpusFile file = Corpus.Named(name);
        Assert.Equal(file.Refusal, Problems(file).Select(problem => Corpus.Told(problem.Code, problem.Row?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "", problem.Column ?? "", file.Refusal)));
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void A_good_file_is_read_without_a_problem(string name) => Assert.Empty(Problems(Corpus.Named(name)));

    /// <summary>All problems that the reader tells of a file.</summary>
    internal static IReadOnlyList<SheetProblem> Problems(CorpusFile file) => SheetReader.Read(file.Name, file.Content) switch
    {
        SheetReading.Refused { Ragged: { } sheet } refused => [.. refused.Problems, .. Of(file.Door, sheet)],
        SheetReading.Refused refused => refused.Problems,
        SheetReading.Read read => Of(file.Door, read.Sheet),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static IReadOnlyList<SheetProblem> Of(Door door, Sheet sheet) =>
        door == Door.Quotas ? QuotaSheet.Read(sheet).Problems : PoolSheet.Read(sheet, PoolMapping.Suggest(sheet, Corpus.Criteria), Corpus.Criteria).Problems;
}
