using Polyphony.Web.Audiences;

namespace Polyphony.Web.Statements;

/// <summary>Statements that citizens agree or disagree with: seeded, written, looked at before they are shown, voted on.</summary>
internal static class StatementsFeature
{
    public static void AddStatements(this IServiceCollection services)
    {
        services.AddScoped<StatementDesk>();
        services.AddSingleton<LiveLandscapes>();
        services.AddSingleton<RoutingWatches>();
        services.AddHostedService(provider => provider.GetRequiredService<RoutingWatches>());
    }

    public static void MapStatements(this IEndpointRouteBuilder app)
    {
        ModerateStatements.Map(app.MapOrganiser(), app.MapStaffReader());
        ImportStatements.Map(app.MapOrganiser());
        CloseStatements.Map(app.MapOrganiser());
        ShowLandscape.Map(app.MapOrganiser(), app.MapStaffReader());
        ExportStatements.Map(app.MapStaffReader());
        VoteOnStatements.Map(app.MapCitizen());
        CastStatementVotes.Map(app);
    }
}
