using Microsoft.Extensions.DependencyInjection.Extensions;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Connections;
using Polyphony.Web.Audiences;
using Polyphony.Web.Hosting;

namespace Polyphony.Web.Votes;

/// <summary>Ballots: by phone, by tablet, on paper; opened, closed, counted.</summary>
internal static class VotesFeature
{
    public static void AddVotes(this IServiceCollection services)
    {
        services.TryAddSingleton<OpenBallotStore>(provider => () => BallotStores.Open(provider.GetRequiredService<DatabaseAddress>()));
        services.AddSingleton<BallotWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<BallotWriter>());
        services.AddSingleton<IReadiness, WriterReadiness>();
        services.AddSingleton<BallotPapers>();
        services.AddSingleton<BallotDesk>();
        services.AddScoped<PaperDesk>();
    }

    public static void MapVotes(this IEndpointRouteBuilder app)
    {
        CastBallot.Map(app);
        ReadBallotPapers.Map(app);
        CloseBallot.Map(app.MapOrganiser());
        ShowSiteBallots.Map(app.MapStaffReader());
        ShowDay.Map(app.MapCitizen());
        TakeBallot.Map(app.MapCitizen());
        TakeTurn.Map(app.MapTablet());
        ComparePaper.Map(app.MapStaffReader().AtOneSite());
        PrintPaper.Map(app.MapOrganiser().AtOneSite());
        EnterPaper.Map(app.MapOrganiser(), app.MapFacilitator());
    }

    private sealed class WriterReadiness(BallotWriter writer) : IReadiness
    {
        public string Name => "ballot-writer";

        public bool IsReady => writer.IsReady;
    }
}
